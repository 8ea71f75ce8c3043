// The configuration as loaded, secrets left out by the server.
import { statusConfig } from '@narthex/promapi';

import { api } from '../api_client';
import { Card } from '../components/card';
import { CopyButton } from '../components/copy_button';
import { EndpointView } from '../components/endpoint_view';
import { PageFrame } from '../components/page_frame';
import { splitYamlLine } from '../lib/yaml_line';
import styles from './config_page.module.css';
import { useEndpoint } from './use_endpoint';

function YamlLine({ line }: { line: string }) {
  const { indent, dash, key, rest } = splitYamlLine(line);
  return (
    <span className={styles.line}>
      {indent}
      {dash}
      {key !== '' && <span className={styles.key}>{key}</span>}
      <span className={rest.trimStart().startsWith('#') ? styles.comment : undefined}>{rest}</span>
      {'\n'}
    </span>
  );
}

export default function ConfigPage() {
  const endpoint = useEndpoint('config', (signal) => statusConfig(api, signal));
  return (
    <PageFrame title="Configuration">
      <EndpointView endpoint={endpoint}>
        {({ yaml }) => (
          <Card title="As loaded" aside={<CopyButton text={yaml} label="Copy the configuration" />}>
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the keyboard scrolls it */}
            <pre className={styles.yaml} tabIndex={0} aria-label="Configuration as YAML">
              {yaml
                .trimEnd()
                .split('\n')
                .map((line, index) => (
                  <YamlLine key={index} line={line} />
                ))}
            </pre>
          </Card>
        )}
      </EndpointView>
    </PageFrame>
  );
}
