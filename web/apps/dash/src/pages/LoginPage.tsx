import { ApiError, signIn } from '@narthex/grafanaapi';
import { Alert, Button, Field, Input } from '@narthex/vizkit';
import { useEffect, useRef, useState, type FormEvent } from 'react';

import { Logo } from '../components/Logo';
import { navigate, useAddress } from '../router/location';
import { safeRedirect } from '../router/routes';

export function LoginPage() {
  const { search } = useAddress();
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [failure, setFailure] = useState('');
  const passwordInput = useRef<HTMLInputElement>(null);
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => {
    document.title = 'Sign in - Narthex';
  }, []);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setIsBusy(true);
    setFailure('');
    try {
      const next = await signIn(user, password);
      navigate(safeRedirect(search.get('redirectTo')) ?? safeRedirect(next) ?? '/', 'replace');
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : String(error));
      setPassword('');
      setIsBusy(false);
      passwordInput.current?.focus();
    }
  };

  return (
    <main className="login">
      <div className="login-card">
        <Logo size={56} />
        <h1>Narthex</h1>
        <p>Sign in to see your dashboards</p>
        <form onSubmit={(event) => void submit(event)}>
          {failure && <Alert title={failure} severity="error" />}
          <Field label="User" htmlFor="login-user">
            <Input
              id="login-user"
              data-testid="data-testid Username input field"
              autoComplete="username"
              autoCapitalize="none"
              // The page has this one purpose.
              // eslint-disable-next-line jsx-a11y/no-autofocus
              autoFocus
              required
              value={user}
              onChange={(event) => setUser(event.currentTarget.value)}
            />
          </Field>
          <Field label="Password" htmlFor="login-password">
            <Input
              id="login-password"
              ref={passwordInput}
              data-testid="data-testid Password input field"
              type="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          </Field>
          <Button type="submit" size="lg" fullWidth disabled={isBusy} data-testid="data-testid Login button">
            {isBusy ? 'Signing in' : 'Sign in'}
          </Button>
        </form>
      </div>
    </main>
  );
}
