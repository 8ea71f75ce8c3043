// Ways to hand on what Explore shows: its address, a short one, one that shows the same instants for ever.
import { base, shortAddress } from '@narthex/grafanaapi';
import { Dropdown, Menu, ToolbarButton } from '@narthex/vizkit';
import { useEffect, useState } from 'react';

import { copyText } from '../components/copy_text';
import { panesSearch, readPanes } from './address';

const TOLD_MS = 2000;

/** The address with every range as the instants that it stands for now. */
export function fixedAddress(search: URLSearchParams, instantOf: (range: { from: string; to: string }) => { fromMs: number; toMs: number }): string {
  const panes = readPanes(search).map((pane) => {
    const { fromMs, toMs } = instantOf(pane.range);
    return { ...pane, range: { from: String(fromMs), to: String(toMs) } };
  });
  return `/explore?${new URLSearchParams(panesSearch(panes))}`;
}

export function ShareMenu({ instantOf }: { instantOf: Parameters<typeof fixedAddress>[1] }) {
  const [told, setTold] = useState('');
  useEffect(() => {
    if (told === '') return undefined;
    const timer = window.setTimeout(() => setTold(''), TOLD_MS);
    return () => window.clearTimeout(timer);
  }, [told]);
  const copy = async (address: Promise<string> | string): Promise<void> => {
    try {
      setTold((await copyText(await address)) ? 'Copied' : 'Not copied');
    } catch {
      setTold('No short link');
    }
  };
  const here = (): URLSearchParams => new URLSearchParams(window.location.search);
  const items = (
    <Menu ariaLabel="Share">
      <Menu.Item label="Copy link" icon="link" onClick={() => void copy(window.location.href)} />
      <Menu.Item label="Copy short link" icon="link" onClick={() => void copy(shortAddress(base.remove(window.location.pathname) + window.location.search))} />
      <Menu.Item label="Copy link to these instants" icon="clock-nine" onClick={() => void copy(window.location.origin + base.add(fixedAddress(here(), instantOf)))} />
    </Menu>
  );
  return (
    <Dropdown overlay={items}>
      <ToolbarButton variant="canvas" icon="share-alt" isOpen={false}>
        {told || 'Share'}
      </ToolbarButton>
    </Dropdown>
  );
}
