import { useState } from 'react';
import { useAdvice } from './use-advice.js';
import { useVault } from './use-vault.js';

export function BackupKey() {
  const [place, setPlace] = useState({ gatewayUrl: 'http://127.0.0.1:8480', account: 'ada' });
  const [code, setCode] = useState('');
  const advice = useAdvice(code);
  const { step, result, error, run } = useVault();
  const protect = async (vault, options) => {
    const backupKey = crypto.getRandomValues(new Uint8Array(32));
    const { status } = await vault.protect(backupKey, code, options);
    if (status === 'pending') return 'another device protected this account before: its key stays until the cool-down is over';
    return `protected key ${await fingerprint(backupKey)}`;
  };
  const recover = async (vault, options) => {
    const { backupKey } = await vault.recover(code, options);
    const name = await fingerprint(backupKey.reveal());
    backupKey.wipe();
    return `recovered key ${name}`;
  };
  return (
    <>
      <h1>Backup key</h1>
      <Field label="Gateway" value={place.gatewayUrl} onChange={(gatewayUrl) => setPlace({ ...place, gatewayUrl })} />
      <Field label="Account" value={place.account} onChange={(account) => setPlace({ ...place, account })} />
      <Field label="Recovery code" type="password" value={code} onChange={setCode} />
      <p role="note">{advice.join(' ')}</p>
      <button disabled={step !== undefined} onClick={() => run(place, protect)}>
        Protect a new key
      </button>
      <button disabled={step !== undefined} onClick={() => run(place, recover)}>
        Recover the key
      </button>
      <p role="status">{error ? `${error.code}: ${error.message}` : (result ?? step)}</p>
    </>
  );
}

function Field({ label, onChange, ...input }) {
  return (
    <p>
      <label>
        {label} <input autoComplete="off" onChange={({ target }) => onChange(target.value)} {...input} />
      </label>
    </p>
  );
}

/** Enough to see that two keys are the same, and nothing of the key. */
async function fingerprint(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
