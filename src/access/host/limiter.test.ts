import { expect, test } from 'vitest';
import { Limiter } from './limiter.ts';

const { signal } = new AbortController();

test('lets so many in, in their order, and forgets who gave up', async () => {
  const limiter = new Limiter(2);
  const entered: string[] = [];
  const enter = async (name: string, by = signal): Promise<() => void> => {
    const leave = await limiter.enter(by);
    entered.push(name);
    return leave;
  };
  const leaveA = await enter('a');
  const leaveB = await enter('b');
  const impatient = new AbortController();
  const c = enter('c', impatient.signal);
  const d = enter('d');
  impatient.abort(new Error('late'));
  await expect(c).rejects.toThrow('late');
  expect(entered).toEqual(['a', 'b']);
  leaveA();
  leaveA();
  const leaveD = await d;
  const e = enter('e');
  expect(entered).toEqual(['a', 'b', 'd']);
  leaveB();
  leaveD();
  await e;
  await enter('f');
  expect(entered).toEqual(['a', 'b', 'd', 'e', 'f']);
  await expect(limiter.enter(impatient.signal)).rejects.toThrow('late');
});
