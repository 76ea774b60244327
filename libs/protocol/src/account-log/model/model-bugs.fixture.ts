import type { PlantedBug } from '../planted-bugs.fixture.js';

type Change = Omit<PlantedBug, 'name' | 'spec'>;

/** A bug that the model must find, within small bounds, as the violation of a certain rule. */
export interface ModelBug {
  readonly name: string;
  readonly changes: readonly Change[];
  readonly args: readonly string[];
  readonly violation: string;
}

const change = (file: string, find: string, replace: string): Change => ({ file: `account-log/${file}`, find, replace });
const quorum = (find: string, replace: string): Change => ({ file: 'vote/quorum.js', find, replace });
const options = (text: string): readonly string[] => text.split(' ').flatMap((word) => [...`--${word}`.split('=')]);

const TWO_RIVALS = options('attempts=2 budget=1 crashes=0');
const OLD_DISK = options('attempts=2 budget=1 crashes=0 rollbacks=1 rollback-at=2');

export const MODEL_BUGS: readonly ModelBug[] = [
  {
    name: 'votes although no attempt is left',
    changes: [change('judge.js', "if (status === 'locked')", 'if (false)')],
    args: TWO_RIVALS,
    violation: 'an attempt is one too many',
  },
  {
    name: 'votes below its promise',
    changes: [change('acceptor.js', 'if (promised !== null && compareBallots(ballot, promised) < 0)', 'if (false)')],
    args: TWO_RIVALS,
    violation: 'two values are decided at one index',
  },
  {
    name: 'forgets its promise at once',
    changes: [change('acceptor.js', 'step.set({ promised: ballot });', '')],
    args: TWO_RIVALS,
    violation: 'two values are decided at one index',
  },
  {
    name: 'proposes another value than promises demand',
    changes: [change('proposer.js', "if (demand.kind === 'value')", 'if (false)')],
    args: TWO_RIVALS,
    violation: 'an honest node is accused',
  },
  {
    name: 'proposes, and takes, another value than promises demand',
    changes: [
      change('proposer.js', "if (demand.kind === 'value')", 'if (false)'),
      change('acceptor.js', "if (demand.kind === 'value' && !equal(", 'if (false && !equal('),
    ],
    args: TWO_RIVALS,
    violation: 'two values are decided at one index',
  },
  {
    name: 'decides with one vote too few',
    changes: [quorum('if (taken.length === q)', 'if (taken.length === q - 1)')],
    args: TWO_RIVALS,
    violation: 'dead state: nothing is decided although q nodes are up',
  },
  {
    name: 'counts one voter twice',
    changes: [quorum('newest.set(member.head.node, member)', 'newest.set(newest.size, member)')],
    args: OLD_DISK,
    violation: 'a set of votes counts that must not',
  },
  {
    name: 'takes over no promise when it rejoins',
    changes: [change('decide.js', 'promised: maxBallot(own.promised, bound)', 'promised: own.promised')],
    args: OLD_DISK,
    violation: 'two values are decided at one index',
  },
  {
    name: 'takes over no accepted value when it rejoins',
    changes: [change('decide.js', 'higher ? accepted : own.accepted', 'own.accepted')],
    args: OLD_DISK,
    violation: 'two values are decided at one index',
  },
  {
    name: 'uses ballot 0 again after a restart',
    changes: [change('proposer.js', 'step.ownIncarnation !== 1 || ', '')],
    args: options('attempts=2 budget=1 crashes=1 crash-at=1'),
    violation: 'a ballot of another life is used',
  },
  {
    name: 'starts again as if it had never stopped',
    changes: [
      {
        file: 'account-log/model/rejoin.fixture.js',
        find: 'this.askAbove(disk, disk.own)',
        replace: 'this.shell.nodes.of({ ...disk, up: true })',
      },
    ],
    args: OLD_DISK,
    violation: 'two values are decided at one index',
  },
];
