import './there.ts';
