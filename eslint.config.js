import tseslint from 'typescript-eslint';

const tests = ['**/*.test.ts'];

/** A suppression without a reason is a riddle: `eslint-disable-next-line rule -- why`. */
const suppressionReason = {
  meta: { schema: [], messages: { why: 'Say why after " -- ", or repair what the rule found.' } },
  create(context) {
    for (const comment of context.sourceCode.getAllComments()) {
      if (!/^\s*eslint-disable/.test(comment.value)) continue;
      if (!/\s--\s+\S/.test(comment.value)) context.report({ loc: comment.loc, messageId: 'why' });
    }
    return {};
  },
};

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export it by name: a name is found, renamed and completed everywhere.',
};

const throughClock = 'Time is a port: take a Clock from src/lib/clock.ts.';
const throughRandom = 'Randomness is a port: take it from src/lib/random.ts.';
const clockModules = ['timers', 'timers/promises', 'perf_hooks'].flatMap((name) => [
  { name, message: throughClock },
  { name: `node:${name}`, message: throughClock },
]);

const noHiddenTime = {
  'no-restricted-globals': [
    'error',
    ...['setTimeout', 'setInterval', 'setImmediate', 'performance'].map((name) => ({
      name,
      message: throughClock,
    })),
  ],
  'no-restricted-imports': ['error', { paths: clockModules }],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: throughClock },
    { object: 'process', property: 'hrtime', message: throughClock },
    { object: 'Math', property: 'random', message: throughRandom },
    { object: 'crypto', property: 'randomUUID', message: throughRandom },
    { object: 'crypto', property: 'getRandomValues', message: throughRandom },
  ],
  'no-restricted-syntax': [
    'error',
    noDefaultExport,
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: throughClock },
    { selector: "CallExpression[callee.name='Date']", message: throughClock },
  ],
};

export default tseslint.config(
  {
    ignores: ['dist/', 'coverage/', '**/canary/', '**/*.gen.ts'],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { evenkeel: { rules: { 'suppression-reason': suppressionReason } } },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': 'allow-with-description', minimumDescriptionLength: 10 },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      // A port's method may be async where one of its adapters has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      // TypeScript itself reports these (noUnusedLocals), and knows `_`.
      '@typescript-eslint/no-unused-vars': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'evenkeel/suppression-reason': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'no-restricted-syntax': ['error', noDefaultExport],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: tests,
    rules: {
      ...noHiddenTime,
      'max-lines-per-function': [
        'error',
        { max: 40, skipBlankLines: true, skipComments: true, IIFEs: true },
      ],
    },
  },
  {
    // Vitest's matchers are typed `any`.
    files: [...tests, 'test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // The two doors themselves.
    files: ['src/lib/clock.ts', 'src/lib/random.ts'],
    rules: {
      'no-restricted-globals': 'off',
      'no-restricted-imports': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-syntax': ['error', noDefaultExport],
    },
  },
  {
    // Vitest asks for a default export.
    files: ['*.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
