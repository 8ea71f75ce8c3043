// Puts a text into the clipboard and says that it did.
import { ActionIcon, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';

import { IconCheck, IconCopy } from './icons';

export function CopyButton({ text, label }: { text: string; label: string }) {
  const { copied, copy } = useClipboard({ timeout: 1500 });
  return (
    <Tooltip label={copied ? 'Copied' : label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={() => copy(text)}>
        {copied ? <IconCheck /> : <IconCopy />}
      </ActionIcon>
    </Tooltip>
  );
}
