import { isWayOutcome, wayWords } from '../words.ts';

type Say = (value: string, ...parts: readonly string[]) => string;

/** Fields of a machine that are better said than shown; the parts are what the pattern captures. */
const sayings: readonly (readonly [RegExp, Say])[] = [
  [
    /^ways\[(.+)\]\.outcome$/,
    (value, way) => `${way}: ${isWayOutcome(value) ? wayWords[value] : value}`,
  ],
  [/^units\[(.+)\]\.activeState$/, (value, unit) => `${unit} is ${value}`],
  [/^units\[(.*)\]\.log$/, (value, unit) => `${unit ? `${unit} ` : 'it '}says "${value}"`],
  [/^kernel\.records/, (value) => `the kernel says "${value}"`],
  [/^kmsg\.type$/, (value) => `/dev/kmsg is ${value === 'link' ? 'a link' : value}`],
  [/^interfaces\[.*\]\.operstate$/, (value) => `it is ${value}`],
  [/^interfaces\[.*\]\.name$/, (value) => `it is called ${value}`],
  [/^interfaces\[.*\]\.speedMbps$/, (value) => `it runs at ${value} Mbit/s`],
  [/^haproxy\[.*\]\.status$/, (value) => `HAProxy calls it ${value}`],
  [/^k3s\.config\[(.+)\]\.problem$/, (value, path) => `${path}: ${value}`],
];

/** `k3s.service is failed`, `/dev/kmsg is missing`; else `field = value`. */
export function hostWords(field: string, value: string): string {
  for (const [pattern, say] of sayings) {
    const found = pattern.exec(field);
    if (found) return say(value, ...found.slice(1).map((part) => part ?? ''));
  }
  return `${field} = ${value}`;
}
