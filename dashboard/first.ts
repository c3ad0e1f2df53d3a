/** What a browser runs first, and alone: it asks what runs, and only then for the page that shows it. */
import './styles/index.css';
import { beginFirstTurn } from './data/turn.ts';

beginFirstTurn();
void import('./main.tsx');
