// What a terminal would obey, or draw as nothing.
const risky = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Indented JSON that is safe to print as it is: whatever a terminal would act on is `\u`. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2).replace(risky, escaped)}\n`;
}

function escaped(char: string): string {
  if (char === '\n') return char;
  return [...Array(char.length).keys()]
    .map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}
