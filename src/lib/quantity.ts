const factors: { readonly [suffix: string]: number } = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const form = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([A-Za-z]*))$/;

/**
 * Parses a Kubernetes quantity (`500m`, `10Gi`, `1.5`, `2e3`) as a number of its base unit.
 * Anything else is undefined. Sizes beyond 2^53 lose their last digits, as every number does.
 */
export function parseQuantity(text: string | null | undefined): number | undefined {
  const [, digits, exponent, suffix = ''] = form.exec(text ?? '') ?? [];
  if (digits === undefined) return undefined;
  if (exponent !== undefined) return Number(digits + exponent);
  const factor = factors[suffix];
  return factor === undefined ? undefined : Number(digits) * factor;
}
