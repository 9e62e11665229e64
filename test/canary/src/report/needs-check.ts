import '../checks/node/reads-files.ts';
