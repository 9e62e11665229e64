import './barrel/index.ts';
