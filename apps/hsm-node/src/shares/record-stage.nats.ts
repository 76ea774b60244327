import { recordStage } from '@strongroom/contracts';
import type { Bus, Stop } from '@strongroom/platform';
import { nodeAddress, type Roster } from '../roster/roster.js';
import type { IsOver, RecordStageService } from './record-stage.service.js';

/** Serves the contract `recordStage` under the node's address in `roster`. */
export function serveRecordStage(bus: Pick<Bus, 'serve'>, roster: Roster, service: RecordStageService, isOver: IsOver): Promise<Stop> {
  return bus.serve(
    recordStage,
    async (request) => {
      await service.stage(request, isOver);
      return { staged: true };
    },
    { node: nodeAddress(roster) },
  );
}
