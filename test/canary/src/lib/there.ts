import './here.ts';
