/**
 * What is promised of a real cluster, on a real control plane. Each story has one of its own, and
 * they all run at once in one file: they mostly wait, and files may run one after another.
 */
import { describe } from 'vitest';
import { findBed } from '../bed/build.ts';
import { describeControllerKilled, describePatchDenied } from './controller.ts';
import { describeHealthy } from './healthy.ts';
import { describeIncident } from './incident.ts';
import { describeRights } from './rights.ts';

const bed = findBed();
const why = bed.found ? '' : ` (${bed.reason})`;

describe.skipIf(!bed.found)(`on a real control plane${why}`, () => {
  describeIncident('incident');
  describeControllerKilled('controller-manager killed while a node is down');
  describePatchDenied('patch denied once');
  describeHealthy('all is well');
  describeRights('accounts that may not look everywhere');
});
