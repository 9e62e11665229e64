import { clockOff } from './clock-off.ts';

export const clock = clockOff('clock', 'ten minutes behind', -600);
