import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, TitleComponent } from "echarts/components";
import { use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

/** Says which parts of ECharts pictures are drawn with; all others stay away. */
export function useChartParts(): void {
  use([BarChart, CustomChart, LineChart, ScatterChart, GridComponent, TitleComponent, SVGRenderer]);
}
