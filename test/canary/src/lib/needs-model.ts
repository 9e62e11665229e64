import '../model/needs-report.ts';
