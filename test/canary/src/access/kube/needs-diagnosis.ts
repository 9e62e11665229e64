import type {} from '../../diagnose/needs-report.ts';
