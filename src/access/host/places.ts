import { Limiter } from './limiter.ts';

/** Who may do something at a time, by address, since several hosts of a configuration may be one machine. */
export class Places {
  readonly #most: number;
  readonly #limiters = new Map<string, Limiter>();

  constructor(most: number) {
    this.#most = most;
  }

  at(place: string): Limiter {
    const limiter = this.#limiters.get(place) ?? new Limiter(this.#most);
    this.#limiters.set(place, limiter);
    return limiter;
  }
}
