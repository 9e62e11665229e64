import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** How many tests there were of each kind; skipped and todo count alike. */
interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Ends a run with `N passed, N failed`, and `, N skipped` where there are any.
 * With `requireAll` a skipped test fails the run: where every part is installed, nothing may be
 * missing without being noticed.
 */
export class NoSkipsReporter implements Reporter {
  readonly #requireAll: boolean;
  #lastWords = '';

  constructor({ requireAll }: { readonly requireAll: boolean }) {
    this.#requireAll = requireAll;
    // The coverage table comes after the last event that a reporter is told of.
    process.once('exit', () => {
      if (this.#lastWords !== '') console.log(this.#lastWords);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const tests = modules.flatMap((each) => [...each.children.allTests()]);
    // What could not be loaded or set up has no tests that could fail, nor has an error of nobody's.
    const suites = modules.flatMap((each) => [each, ...each.children.allSuites()]);
    const broken = suites.filter((each) => each.errors().length > 0).length + unhandled.length;
    const counted = count(tests);
    this.#lastWords = summary({ ...counted, failed: counted.failed + broken });
    refuseFalseTitles(tests);
    if (!this.#requireAll) {
      for (const line of whySkipped(tests)) console.log(line);
      return;
    }
    for (const test of tests.filter(isSkipped)) {
      console.error(`Skipped, and nothing may be: ${test.module.relativeModuleId}`);
      const reason = reasonInTitle(test) === undefined ? `: ${reasonOf(test)}` : '';
      console.error(`  ${test.fullName}${reason}`);
      process.exitCode = 1;
    }
    if (tests.length === 0) process.exitCode = 1;
  }
}

function isSkipped(test: TestCase): boolean {
  const { state } = test.result();
  return state !== 'passed' && state !== 'failed';
}

/** Each reason once, with how many tests it concerns: `27 × skipped: the test bed is not built`. */
function whySkipped(tests: readonly TestCase[]): string[] {
  const reasons = new Map<string, number>();
  for (const test of tests.filter(isSkipped)) {
    const reason = reasonInTitle(test) ?? reasonOf(test);
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return [...reasons].map(([reason, count]) => `${count} × ${reason}`);
}

/** What is skipped before it runs carries its reason at the end of its title, or its suite's. */
function reasonInTitle({ name, parent }: TestCase): string | undefined {
  const titles = [name];
  for (let suite = parent; suite.type === 'suite'; suite = suite.parent) titles.push(suite.name);
  return titles.flatMap((title) => / \((skipped: .+)\)$/.exec(title)?.[1] ?? [])[0];
}

/** A title that tells a reason though the test ran is believed by whoever reads it. */
function refuseFalseTitles(tests: readonly TestCase[]): void {
  for (const test of tests) {
    if (isSkipped(test) || reasonInTitle(test) === undefined) continue;
    console.error(`Not skipped, as its title says: ${test.module.relativeModuleId}`);
    console.error(`  ${test.fullName}`);
    process.exitCode = 1;
  }
}

function reasonOf(test: TestCase): string {
  const result = test.result();
  if (test.options.mode === 'todo') return 'still to be written (test.todo)';
  if (result.state === 'skipped' && result.note !== undefined) return result.note;
  return 'no reason beside its name: context.skip takes a sentence';
}

function count(tests: readonly TestCase[]): Counts {
  const of = (state: string): number =>
    tests.filter((test) => test.result().state === state).length;
  return { passed: of('passed'), failed: of('failed'), skipped: tests.filter(isSkipped).length };
}

function summary({ passed, failed, skipped }: Counts): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}
