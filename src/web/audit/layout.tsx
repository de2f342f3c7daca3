/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';
import { type Assets, Page } from '../analytics/page.tsx';
import { type AuditPath, auditSections } from './sections.ts';

export interface AuditLayoutProps {
  readonly title: string;
  /** Stands below the title. */
  readonly about?: ComponentChildren;
  readonly section: AuditPath;
  readonly assets: Assets;
  readonly children: ComponentChildren;
}

/** The frame of the auditor's pages: that of every page, with the way to the other parts. */
export const AuditPage = ({ title, about, section, assets, children }: AuditLayoutProps): VNode => (
  <Page title={title} assets={assets} visitor={true}>
    <nav class="contents" aria-label="Audit">
      {auditSections.map(({ path, title: name }) => (
        <a key={path} href={path} aria-current={path === section ? 'true' : undefined}>
          {name}
        </a>
      ))}
    </nav>
    <div class="head">
      <h1>{title}</h1>
      {about !== undefined && <p class="standing">{about}</p>}
    </div>
    {children}
  </Page>
);
