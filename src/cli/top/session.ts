/** The terminal UI while it is open: messages come in, the model changes, the screen follows. */
import { constants } from 'node:os';
import type { Connection } from '../../api/index.ts';
import { ExitCode } from '../../contract/exit-codes.ts';
import { monotonic } from '../../platform/monotonic.ts';
import { createEffects } from './effects.ts';
import { feedStatus } from './feed.ts';
import { listenToKeys } from './keyboard.ts';
import { initialModel, type Message, type Model } from './model.ts';
import { createScreen } from './screen.ts';
import type { Style } from './style.ts';
import { update } from './update.ts';
import { view } from './view.ts';

/** ms between two pictures while much happens. */
const FRAME = 40;
/** ms between looks at the clock while a countdown is shown. */
const SECOND = 1000;

/** Resolves with the exit code when the person quits or the terminal is gone; then the screen is as it was. */
export function openTop(upkeep: Connection, style: Style): Promise<number> {
  const { stdin, stdout } = process;
  const screen = createScreen(stdin, stdout);
  const ending = new AbortController();
  let model: Model = initialModel(upkeep.workspace, screen.size());
  let planned: NodeJS.Timeout | null = null;
  let drawnAt = 0;

  return new Promise((resolve) => {
    const draw = () => {
      planned = null;
      drawnAt = monotonic();
      screen.draw(() => view(model, Date.now(), style));
    };
    const plan = () => {
      planned ??= setTimeout(draw, Math.max(0, FRAME - (monotonic() - drawnAt)));
    };
    const tell = (message: Message) => {
      const step = update(model, message);
      model = step.model;
      for (const effect of step.effects) effects.run(effect);
      plan();
    };
    const onResize = () => {
      screen.forget();
      tell({ type: 'resize', size: screen.size() });
    };
    const back = () => {
      screen.take();
      onResize();
    };
    const effects = createEffects(upkeep, tell, {
      suspend() {
        screen.giveBack();
        // The whole job, as the terminal itself does it: npx is stopped with us. We go on here after `fg`.
        process.kill(0, 'SIGTSTP');
        back();
      },
      quit: () => end(ExitCode.ok),
    });

    const undos: (() => void)[] = [];
    const end = (code: number) => {
      for (const undo of undos.splice(0).reverse()) undo();
      resolve(code);
    };
    undos.push(() => screen.giveBack());
    undos.push(on(process, 'exit', () => screen.giveBack()));
    undos.push(on(process, 'uncaughtException', crashed));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      undos.push(on(process, signal, () => end(128 + constants.signals[signal])));
    // Stopped by somebody else, too.
    undos.push(on(process, 'SIGCONT', back));
    undos.push(on(stdout, 'resize', onResize));
    undos.push(on(stdout, 'error', () => end(ExitCode.ok)));
    undos.push(
      on(stdin, 'error', () => end(ExitCode.ok)),
      on(stdin, 'end', () => end(ExitCode.ok)),
    );
    undos.push(listenToKeys(stdin, (key) => tell({ type: 'key', key })));
    undos.push(() => effects.close());
    undos.push(() => ending.abort());
    const clock = setInterval(() => {
      if (countsDown(model)) plan();
    }, SECOND);
    undos.push(
      () => clearInterval(clock),
      () => clearTimeout(planned ?? undefined),
    );

    function crashed(error: unknown): void {
      end(ExitCode.internal);
      throw error;
    }

    screen.take();
    draw();
    void feedStatus(upkeep, tell, ending.signal);
  });
}

function countsDown({ report }: Model): boolean {
  return report?.services.some(({ state }) => state === 'backoff') ?? false;
}

function on(emitter: NodeJS.EventEmitter, event: string, listener: (...values: never[]) => void): () => void {
  emitter.on(event, listener as (...values: unknown[]) => void);
  return () => void emitter.off(event, listener as (...values: unknown[]) => void);
}
