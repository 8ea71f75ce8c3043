// A text field between two buttons that take its value one step down or up.
import { TextInput, UnstyledButton } from '@mantine/core';
import { useState, type ReactNode } from 'react';

import { IconClose } from './icons';
import styles from './stepper_input.module.css';

interface StepButton {
  label: string;
  icon: ReactNode;
  onPress: () => void;
}

interface StepperInputProps {
  className?: string | undefined;
  label: string;
  value: string;
  placeholder?: string;
  width: number;
  down: StepButton;
  up: StepButton;
  // Takes a typed text; false if it means nothing, which the field then shows.
  onCommit: (text: string) => boolean;
  // Makes the field empty; absent where it cannot be.
  onClear?: (() => void) | undefined;
}

function Step({ label, icon, onPress }: StepButton) {
  return (
    <UnstyledButton className={styles.step} aria-label={label} title={label} onClick={onPress}>
      {icon}
    </UnstyledButton>
  );
}

export function StepperInput(props: StepperInputProps) {
  const { className = '', label, value, placeholder, width, down, up, onCommit, onClear } = props;
  // What is being typed; undefined while the field shows its value.
  const [draft, setDraft] = useState<string>();
  const [isWrong, setWrong] = useState(false);

  const commit = () => {
    const isDone = draft === undefined || draft === value || onCommit(draft);
    setWrong(!isDone);
    if (isDone) setDraft(undefined);
  };
  return (
    <div className={`${styles.group} ${className}`}>
      <Step {...down} />
      <TextInput
        classNames={{ input: styles.input ?? '' }}
        aria-label={label}
        aria-invalid={isWrong}
        title={isWrong ? `${label}: not understood` : label}
        size="sm"
        w={width}
        placeholder={placeholder ?? ''}
        value={draft ?? value}
        onChange={(event) => {
          setDraft(event.currentTarget.value);
          setWrong(false);
        }}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') {
            setDraft(undefined);
            setWrong(false);
          }
        }}
        rightSection={
          onClear !== undefined && value !== '' ? (
            <UnstyledButton
              className={styles.clear}
              aria-label={`Clear ${label.toLowerCase()}`}
              onClick={() => {
                setDraft(undefined);
                setWrong(false);
                onClear();
              }}
            >
              <IconClose size={14} />
            </UnstyledButton>
          ) : undefined
        }
      />
      <Step {...up} />
    </div>
  );
}
