/** How far everything is done, of things begun in order and done in any order. */

export type Step = { readonly place: number; upTo: number; isDone: boolean };

export class Progress {
  #done: number;
  #steps: Step[] = [];
  #first = 0;

  /** `done`: the last place that is. */
  constructor(done: number) {
    this.#done = done;
  }

  /** The last place up to which all is. */
  get done(): number {
    return this.#done;
  }

  begin(place: number): Step {
    const step = { place, upTo: place, isDone: false };
    this.#steps.push(step);
    return step;
  }

  /** Up to there is nothing more to do. */
  pass(place: number): void {
    const last = this.#steps.at(-1);
    if (last && this.#first < this.#steps.length) last.upTo = place;
    else this.#done = Math.max(this.#done, place);
  }

  finish(step: Step): void {
    step.isDone = true;
    for (let first = this.#steps[this.#first]; first?.isDone; first = this.#steps[++this.#first])
      this.#done = first.upTo;
    if (this.#first < this.#steps.length / 2) return;
    this.#steps = this.#steps.slice(this.#first);
    this.#first = 0;
  }
}
