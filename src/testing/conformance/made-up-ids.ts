import type { IdRule } from '../../types.js';

const SHAPES: readonly ((place: number) => string)[] = [
  (place) => `made-up-${place}`,
  (place) => `made_up_${place}`,
  (place) => `madeup${place}`,
  (place) => String(1_000 + place),
  (place) => place.toString(16).padStart(32, '0'),
  (place) => `00000000-0000-4000-8000-${place.toString(16).padStart(12, '0')}`,
];

/** So many different ids that a rule allows; undefined where no shape that is known here fits. */
export function madeUpIds({ pattern, maxLength }: IdRule, count: number): readonly string[] | undefined {
  return SHAPES.map((shape) => Array.from({ length: count }, (_one, place) => shape(place))).find((ids) =>
    ids.every((id) => pattern.test(id) && id.length <= maxLength),
  );
}
