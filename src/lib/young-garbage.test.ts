import { expect, test } from 'vitest';
import { collectYoungGarbage } from './young-garbage.ts';

test('lets go of buffers that nobody holds any more', () => {
  const held = new Array<Buffer>();
  for (let n = 0; n < 64; n++) held.push(Buffer.alloc(1024 * 1024));
  const before = process.memoryUsage().arrayBuffers;
  held.length = 0;
  for (let n = 0; n < 3; n++) collectYoungGarbage();
  expect(process.memoryUsage().arrayBuffers).toBeLessThan(before);
});
