import { inspect } from 'node:util';

const shown = '[redacted]';

/**
 * A secret on its way to the one place that needs it.
 * Every accidental way out (template strings, JSON, inspect, a spread) gives `[redacted]`;
 * only `reveal()` gives the value.
 */
export class Redacted {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }
}
