import './reads-files.ts';
