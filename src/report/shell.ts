import { safeText } from '../lib/terminal-text.ts';

const plain = /^[A-Za-z0-9._/:@=-]+$/;

/** One word of a POSIX shell: as it is, or in single quotes. */
export function shellQuote(value: string): string {
  return plain.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

/** A shell within the shell takes the quotes off before the inner one reads the words. */
const nested = /\b(ssh|pct exec|lxc-attach|nsenter|(ba|da|z)?sh\s+-\w*c)\b/;

/** `{name}`; not jsonpath's `{.name}`, `{range …}`, `{end}`, nor a template's `{{name}}`. */
const placeholder = /\\.|['"]|(?<!\{)\{(?!end\})([A-Za-z]\w*)\}(?!\})/g;

/**
 * A command with its placeholders filled, or undefined where one has no value or its value could be
 * read as anything but one plain word: names come from the cluster, and a person will paste this.
 */
export function fillCommand(
  template: string,
  valueOf: (name: string) => string | readonly string[] | undefined,
): string | undefined {
  let quote = '';
  let usable = true;
  const command = template.replace(placeholder, (token, name: string | undefined) => {
    if (name === undefined) {
      // Within single quotes a backslash is a backslash, so that the quote after it ends them.
      if (token === quote || (quote === "'" && token === "\\'")) quote = '';
      else if (quote === '' && token.length === 1) quote = token;
      return token;
    }
    const value = valueOf(name);
    const words = value === undefined ? [] : [value].flat();
    const strict = quote !== '' || nested.test(template);
    if (words.length === 0 || !words.every((word) => isWord(word, strict))) usable = false;
    return words.map(shellQuote).join(' ');
  });
  return usable ? command : undefined;
}

/** No option in disguise, nothing that a terminal would act on; within quotes only plain words. */
function isWord(word: string, strict: boolean): boolean {
  if (word === '' || word.startsWith('-') || safeText(word) !== word) return false;
  return !strict || plain.test(word);
}

/** Whether a name may stand in a command that somebody else has filled. */
export function isPlainWord(word: string): boolean {
  return isWord(word, true);
}
