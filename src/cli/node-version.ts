/** The Node that evenkeel brings as its own dependency; what it needs of an older one may be missing. */
const leastMajor = 24;

/** What to say to somebody who starts the program with a Node that is too old; undefined otherwise. */
export function tooOld(version: string): string | undefined {
  if (Number.parseInt(version, 10) >= leastMajor) return undefined;
  return (
    `error: evenkeel needs Node ${leastMajor} or newer, and this is Node ${version}\n` +
    "  next: 'npx evenkeel …', which uses the Node that evenkeel was installed with\n"
  );
}
