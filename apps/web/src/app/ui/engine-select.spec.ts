import { TestBed } from '@angular/core/testing';
import { EngineSelect } from './engine-select';

describe('EngineSelect', () => {
  it('names the choices in words, shows the chosen one and emits another', () => {
    const fixture = TestBed.createComponent(EngineSelect);
    fixture.componentRef.setInput('choices', ['EMBEDDED', 'CLUSTER', 'AUTO']);
    fixture.componentRef.setInput('chosen', 'AUTO');
    const emitted: string[] = [];
    fixture.componentInstance.choose.subscribe((choice) => emitted.push(choice));
    fixture.detectChanges();
    const select = (fixture.nativeElement as HTMLElement).querySelector('select');
    expect(select?.labels[0]?.textContent).toContain('Engine');
    expect([...(select?.options ?? [])].map((option) => option.text)).toEqual([
      'DuckDB, on one machine',
      'Spark cluster',
      'By size of the data',
    ]);
    expect(select?.value).toBe('AUTO');
    if (select) {
      select.value = 'CLUSTER';
      select.dispatchEvent(new Event('change'));
    }
    expect(emitted).toEqual(['CLUSTER']);
  });
});
