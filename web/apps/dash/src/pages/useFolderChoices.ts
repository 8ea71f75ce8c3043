// The folders that something can be put into, each with its way from the top.
import { searchDashboards } from '@narthex/grafanaapi';
import type { ComboboxOption } from '@narthex/vizkit';
import { useEffect, useState } from 'react';

import { folderPaths } from './hits';

const TOP: ComboboxOption = { value: '', label: 'Dashboards' };

export function useFolderChoices(): ComboboxOption[] {
  const [choices, setChoices] = useState([TOP]);
  useEffect(() => {
    let isCurrent = true;
    searchDashboards()
      .then((hits) => isCurrent && setChoices([TOP, ...folderPaths(hits).map(({ uid, title }) => ({ value: uid, label: title }))]))
      // Without the list the top is left to choose.
      .catch(() => {});
    return () => {
      isCurrent = false;
    };
  }, []);
  return choices;
}
