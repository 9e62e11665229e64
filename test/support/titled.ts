/**
 * The title of a test that needs something. Where that is missing `reason` says so, as in
 * `skipped: no sshd`, and the run's last lines count it by that; where nothing is it is empty.
 */
export function titled(title: string, reason: string): string {
  return reason === '' ? title : `${title} (${reason})`;
}
