const texts: { readonly [code: string]: string } = {
  BAD_ALIAS: 'an alias (*) points at nothing, or at too much',
  BAD_INDENT: 'the indentation does not fit the lines above',
  DUPLICATE_KEY: 'the same key stands twice in one mapping',
  MISSING_CHAR: 'a character is missing, such as a closing quote or bracket',
  MULTILINE_IMPLICIT_KEY: "a key spans several lines; usually a ':' is missing",
  MULTIPLE_DOCS: "there is more than one document; a '---' is too many",
  TAB_AS_INDENT: 'a tab is used to indent; YAML wants spaces',
};

/**
 * What a code of the `yaml` library means, for a person. Its own messages are for programmers, and
 * may quote the source. https://eemeli.org/yaml/#errors
 */
export function yamlErrorText(code: string): string {
  return texts[code] ?? `something is out of place (${code})`;
}
