import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { checks } from '../../src/checks/registry.gen.ts';
import { byText } from '../../src/lib/order.ts';
import type { Check } from '../../src/model/check.ts';
import { layers } from '../../src/model/severity.ts';
import { parsePage } from '../../src/report/page.ts';
import { readCaseBook } from '../support/case-book.ts';
import { type CheckCase, runOne, type Said } from '../support/cases.ts';

const { entries, broken } = await readCaseBook();
const casesOf = new Map(entries.map(({ check, cases }) => [check.id, cases]));
const ids = new Set(checks.map(({ id }) => id));
const root = join(import.meta.dirname, '../..');

const headings = [
  'What you see',
  'Why it matters',
  'How it is detected',
  'What evenkeel does',
  'Do it yourself',
  'When to ignore',
];
/** Every finding has these of its subject. */
const subjectFacts = ['kind', 'name', 'namespace'];
/** Conditions of a headline that are no facts: see src/report/page.ts. */
const headlineWords = ['verdict', 'many'];

describe('the registry', () => {
  test('every test file of a check can be read', () => {
    expect(broken).toEqual([]);
  });

  test('holds every check that has a file, sorted', () => {
    const files = globSync('src/checks/*/*.ts', { cwd: root })
      .filter((path) => !path.endsWith('.test.ts'))
      .map((path) => path.replace(/^src\/checks\/(.*)\.ts$/, '$1'));
    expect(checks.map(({ id }) => id)).toEqual(files.sort(byText));
  });

  test('codes are unique: they are permanent and never reused', () => {
    expect(repeated(checks.map(({ code }) => code))).toEqual([]);
  });

  test('titles are unique: two findings must not look alike', () => {
    expect(repeated(checks.map(({ title }) => title))).toEqual([]);
  });
});

describe.each(checks.map((check) => [check.id, check] as const))('%s', (id, check) => {
  const cases = casesOf.get(id) ?? [];
  const [layer] = id.split('/');
  const page = parsePage(pageText(id));

  test('its layer is its folder, its code the layer’s', () => {
    expect(existsSync(join(root, `src/checks/${id}.ts`))).toBe(true);
    expect(check.layer).toBe(layer);
    expect(check.code).toMatch(new RegExp(`^EK${layers.indexOf(check.layer)}\\d{3}$`));
  });

  test('its page has its title, a headline and every heading in order', () => {
    expect(page.title).toBe(check.title);
    expect(page.sections.map(({ heading }) => heading)).toEqual(headings);
    expect(page.sections.filter(({ body }) => body === '')).toEqual([]);
    expect(page.headlines.length).toBeGreaterThan(0);
  });

  test('every option has a description and a default', () => {
    const options = Object.entries(check.options.shape);
    const poor = options.filter(
      ([, schema]) =>
        !(schema instanceof z.ZodType && schema.description) ||
        !schema.safeParse(undefined).success,
    );
    expect(poor.map(([name]) => name)).toEqual([]);
    expect(check.options.safeParse({}).success).toBe(true);
  });

  test('what it explains exists, is likely to a degree, and is not itself', () => {
    expect(check.explains.map(({ effect }) => effect).filter((it) => !ids.has(it))).toEqual([]);
    const wrong = check.explains.filter(
      ({ effect, strength, tie, within }) =>
        !(strength > 0 && strength <= 1 && within > 0) || (effect === id && tie === 'same-subject'),
    );
    expect(wrong).toEqual([]);
  });

  test('it has cases: silent, failing, unknown; each by a name of its own', () => {
    const verdicts = new Set(cases.flatMap(({ says }) => says.map(({ verdict }) => verdict)));
    expect(cases.some(({ says }) => says.length === 0)).toBe(true);
    expect([...verdicts]).toEqual(expect.arrayContaining(['fail', 'unknown']));
    expect(repeated(cases.map(({ name }) => name))).toEqual([]);
  });

  test('what its page speaks of is a fact that some case yields', () => {
    const yielded = new Set(subjectFacts);
    for (const each of cases) {
      for (const said of runOne(check, each).said) {
        if (said.verdict === 'unknown') continue;
        for (const name of Object.keys(said.facts ?? {})) yielded.add(name);
      }
    }
    expect(spokenOf(page).filter((name) => !yielded.has(name))).toEqual([]);
  });

  test('a facet that it may not read makes it unknown', () => {
    const { either = [] } = check;
    const needed = [...check.reads.map((facet) => [facet]), ...(either.length > 0 ? [either] : [])];
    expect(needed).not.toEqual([]);
    for (const facets of needed) {
      for (const each of cases) {
        const run = runOne(check, denied(each, check, facets));
        const [only, ...more] = run.said;
        const name = `${each.name}, without ${facets.join(' and ')}`;
        expect(more, name).toEqual([]);
        expect(only, name).toMatchObject({
          verdict: 'unknown',
          subject: '',
          severity: check.severity,
        });
      }
    }
  });

  test('the order in which objects are listed changes nothing', () => {
    for (const each of cases) {
      const { objects } = each.world;
      const inOrder = sorted(runOne(check, each).said);
      for (const shuffled of [objects.toReversed(), riffled(objects), rotated(objects)]) {
        const again = runOne(check, { ...each, world: { ...each.world, objects: shuffled } });
        expect(sorted(again.said), each.name).toEqual(inOrder);
      }
    }
  });
});

function pageText(id: string): string {
  return readFileSync(join(root, `src/checks/${id}.md`), 'utf8');
}

function repeated(words: readonly string[]): string[] {
  return words.filter((word, at) => words.indexOf(word) !== at);
}

/** Names of the facts in a page's headlines and commands. */
function spokenOf({ headlines, commands }: ReturnType<typeof parsePage>): string[] {
  const names = headlines.flatMap(({ conditions, text }) => {
    const asked = conditions.map(({ fact }) => fact);
    const spoken = [...asked, ...placeholders(text)].filter((it) => !headlineWords.includes(it));
    return asked.includes('many') ? spoken.filter((it) => it !== 'count') : spoken;
  });
  // `{end}` belongs to kubectl's JSONPath, as does `{{x}}` to Go templates.
  const asked = commands.flatMap(placeholders).filter((name) => name !== 'end');
  return [...new Set([...names, ...asked])].sort(byText);
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/(?<!\{)\{([A-Za-z]\w*)\}(?!\})/g)].map(([, name = '']) => name);
}

function denied(each: CheckCase, { reads }: Check, facets: Check['reads']): CheckCase {
  const { deny = [], missing = [] } = each.world;
  const world = {
    ...each.world,
    deny: [...deny, ...facets],
    missing: missing.filter((name) => ![...reads, ...facets].includes(name)),
  };
  return { ...each, world };
}

function sorted(said: readonly Said[]): Said[] {
  return said.toSorted((a, b) => byText(`${a.subject} ${a.verdict}`, `${b.subject} ${b.verdict}`));
}

function riffled<T>(items: readonly T[]): T[] {
  return [...items.filter((_, at) => at % 2 === 1), ...items.filter((_, at) => at % 2 === 0)];
}

function rotated<T>(items: readonly T[]): T[] {
  const half = Math.ceil(items.length / 2);
  return [...items.slice(half), ...items.slice(0, half)];
}
