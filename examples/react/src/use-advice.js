import { useEffect, useState } from 'react';

/** What would make the code better. The word lists are 230 KiB: they are loaded when somebody types. */
export function useAdvice(code) {
  const [advice, setAdvice] = useState([]);
  useEffect(() => {
    if (code === '') return setAdvice([]);
    let current = true;
    void import('@strongroom/client/strength').then(({ estimateStrength }) => current && setAdvice(estimateStrength(code).advice));
    return () => (current = false);
  }, [code]);
  return advice;
}
