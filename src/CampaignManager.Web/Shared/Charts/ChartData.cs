using CampaignManager.Application;

namespace CampaignManager.Web.Shared.Charts;

/// <summary>What a line or bar stands for, which decides its colour: treated is always the accent, control always grey.</summary>
public enum ChartRole
{
    Treated,
    Control,
    Loss,
    Blue,
    Orange,
    Vermilion,
    Purple,
    Sky,
}

/// <summary>A point of a line; with <paramref name="Low"/> and <paramref name="High"/> a band is drawn.</summary>
public sealed record LinePoint(double X, double Y, double? Low = null, double? High = null);

/// <param name="Name">Written at the line's end.</param>
/// <param name="Dashed">For what is only a reference, as random targeting.</param>
public sealed record ChartLine(string Name, ChartRole Role, IReadOnlyList<LinePoint> Points, bool Dashed = false);

/// <summary>A bar with its interval, drawn as whiskers.</summary>
/// <param name="Low">Null or NaN: no whiskers.</param>
/// <param name="Marker">A figure to compare with, drawn as a diamond, for instance the prediction beside what was realised.</param>
/// <param name="Role">Null colours by the interval: accent above zero, loss below, grey when it holds zero.</param>
public sealed record IntervalBar(string Label, double Value, double? Low, double? High, double? Marker = null, ChartRole? Role = null);

/// <summary>A bar of a histogram, from inclusive to exclusive.</summary>
/// <param name="To">Null: the last one, open above.</param>
public sealed record HistogramBin(double From, double? To, long Count, ChartRole Role = ChartRole.Treated);

/// <summary>A vertical line in a histogram.</summary>
public sealed record HistogramMark(double At, string Text);

/// <summary>A chart's figures as a table: what is read on the page, and the raw figures for the CSV file.</summary>
public sealed record ChartTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Cells, IReadOnlyList<IReadOnlyList<object?>> Raw)
{
    public string ToCsv()
    {
        static string Write(object? value) => value switch
        {
            null or double.NaN => "",
            IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
            _ => CsvCell.Of(value.ToString() ?? ""),
        };
        return string.Join("\n", Raw.Select(row => string.Join(',', row.Select(Write)))
            .Prepend(string.Join(',', Columns.Select(CsvCell.Of)))) + "\n";
    }
}
