import { clockOff } from './clock-off.ts';

export const clockMinute = clockOff('clock-minute', 'a minute ahead', 60);
