import type { Action } from './action.js';

/** Accounts are called A, B, C. */
export const nameOf = (account: number): string => String.fromCharCode(65 + account);
const list = (nodes: readonly number[]): string => nodes.map((node) => (node === 0 ? 'the gateway' : `node ${node}`)).join(', ');
const seconds = (ms: number): string =>
  Math.abs(ms) < 1_000 ? `${ms} ms` : Math.abs(ms) < 120_000 ? `${Math.round(ms / 1_000)} s` : `${(ms / 3_600_000).toFixed(1)} h`;

/** An action in plain words. */
export function describe(action: Action): string {
  switch (action.kind) {
    case 'register':
      return `account ${nameOf(action.account)} registers a new code${action.byOwner ? ' with its owner key' : ''}${action.dies ? ', and its device dies meanwhile' : ''}`;
    case 'attempt': {
      const { right, first, confirm, tokenMs, diesMs } = action;
      const what = right ? `the right code of account ${nameOf(action.account)}` : `a wrong code for account ${nameOf(action.account)}`;
      const where = first === null ? '' : ` at node ${first}`;
      const later = right && confirm === 'later' ? ', its confirmation waits' : '';
      return `somebody tries ${what}${where}${tokenMs === null ? '' : ` with a token for ${seconds(tokenMs)}`}${later}${diesMs === null ? '' : `, and dies after ${diesMs} ms`}`;
    }
    case 'confirm':
      return `the waiting confirmation of account ${nameOf(action.account)} is sent`;
    case 'resend':
      return `an old request of account ${nameOf(action.account)} is sent again to node ${action.first}`;
    case 'delete':
      return `account ${nameOf(action.account)} is to be deleted${action.byOwner ? ' by its owner' : ''}`;
    case 'cancel':
      return `the owner of account ${nameOf(action.account)} calls off what is pending`;
    case 'crash':
      return action.when === 'now' ? `node ${action.node} is killed` : `node ${action.node} is killed ${action.when} its next flush`;
    case 'restart':
      return `node ${action.node} starts again`;
    case 'snapshot':
      return `somebody copies the disk of node ${action.node}`;
    case 'rollback':
      return `node ${action.node} starts again on the copy of its disk`;
    case 'replace':
      return `another machine takes the place of node ${action.node}, and the others learn of it within ${Math.max(...action.learnMs)} ms`;
    case 'rot':
      return `a bit turns over on the disk of node ${action.node}`;
    case 'diskFull':
      return `the disk of node ${action.node} refuses ${action.times} writes`;
    case 'slow':
      return action.ms === 0 ? `node ${action.node} is as fast as before` : `node ${action.node} gets slower by ${action.ms} ms`;
    case 'skew':
      return `the clock of node ${action.node} is off by ${seconds(action.ms)}`;
    case 'cut':
      return `nothing gets from ${list(action.from)} to ${list(action.to)}`;
    case 'heal':
      return 'the network is whole again';
    case 'weather': {
      const { lossPercent, doublePercent, latePercent, lateMs } = action.weather;
      return `the network loses ${lossPercent} %, doubles ${doublePercent} %, delays ${latePercent} % by up to ${lateMs} ms`;
    }
    case 'withhold':
      return `the gateway keeps back every ${action.name} of node ${action.from}${action.to === undefined ? '' : ` to ${list(action.to)}`}`;
    case 'release':
      return 'the gateway delivers what it kept back';
    case 'replay':
      return `the gateway replays ${action.times} old messages`;
    case 'forge':
      return 'the gateway sends what it made up';
    case 'harvest':
      return 'the gateway asks every node for every evaluation, with every vote it ever saw';
    case 'wait':
      return `${seconds(action.ms)} pass (${action.why})`;
  }
}
