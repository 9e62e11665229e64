import '../report/text.ts';
