import { useCallback, useState } from 'react';
import { VaultError, WebDeviceStore, webWorkerStretcher } from '@strongroom/client';
import { developmentVault } from '@strongroom/client/development';
import trustRoot from '../trust-root.json?raw'; // part of the application: it decides whom to believe

/** One call of the vault at a time: what it is doing, what came of it, and what went wrong. */
export function useVault() {
  const [state, setState] = useState({ step: undefined, result: undefined, error: undefined });
  const run = useCallback(async ({ gatewayUrl, account }, work) => {
    setState({ step: 'starting', result: undefined, error: undefined });
    const onStep = (step) => setState({ step, result: undefined, error: undefined });
    try {
      const deviceStore = new WebDeviceStore(localStorage);
      const vault = await developmentVault({ gatewayUrl, trustRoot, account, deviceStore, stretcher: webWorkerStretcher() });
      setState({ step: undefined, result: await work(vault, { onStep }), error: undefined });
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      setState({ step: undefined, result: undefined, error });
    }
  }, []);
  return { ...state, run };
}
