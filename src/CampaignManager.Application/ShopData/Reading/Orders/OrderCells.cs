using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Application.ShopData.Values;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>What targets hold in the cells of an order, by the formats its columns were judged to have.</summary>
internal sealed class OrderCells(Template template, JudgedColumns columns, IReadOnlySet<string> packed, TimeZoneInfo? zone)
{
    /// <summary>A cell that cannot be read: the reason and where.</summary>
    public sealed class FaultException(string reason, string detail) : Exception(reason)
    {
        public string Reason { get; } = reason;

        public string Detail { get; } = detail;
    }

    public Template Template => template;

    public decimal? Amount(string block, string target, Func<string, string?> cell)
    {
        if (template.Field(block, target) is not { } field)
            return null;
        decimal? sum = null;
        foreach (var column in field.Columns)
        {
            if (AmountIn(block, column, cell(column)) is not { } amount)
                continue;
            sum = (sum ?? 0) + amount;
            if (!field.Sum)
                break;
        }

        foreach (var column in field.Less)
            sum = AmountIn(block, column, cell(column)) is { } off ? (sum ?? 0) - Math.Abs(off) : sum;
        return sum ?? (field.Value is { } constant ? decimal.Parse(constant, System.Globalization.CultureInfo.InvariantCulture) : null);
    }

    public decimal? AmountIn(string block, string column, string? text)
    {
        if (text is null || columns.Find(Scope(block), column)?.Amount is not { } amounts)
            return null;
        if (column.Contains("[]", StringComparison.Ordinal) && text.Contains(','))
            return text.Split(',').Sum(one => AmountIn(block, column, one) ?? 0);
        return amounts.Read(text, out var amount) switch
        {
            CellState.Read => amount,
            CellState.Missing => null,
            _ => throw new FaultException("not-a-number", $"{column}: {Short(text)}"),
        };
    }

    public DateTime? Time(string block, string target, Func<string, string?> cell, out ClockTurn turn)
    {
        turn = ClockTurn.None;
        if (template.Field(block, target) is not { } field)
            return null;
        foreach (var column in field.Columns)
        {
            if (cell(column) is not { } text || columns.Find(Scope(block), column)?.Time is not { } times)
                continue;
            if (times.Read(text, out var faulty) is { } time)
                return ZoneClock.ToUtc(time, ZoneClock.Of(field.Zone, column) ?? zone, out turn);
            if (faulty)
                throw new FaultException("not-a-time", $"{column}: {Short(text)}");
        }

        return null;
    }

    public string? Id(string block, string target, Func<string, string?> cell)
    {
        if (template.Field(block, target) is not { } field)
            return null;
        foreach (var column in field.Columns)
        {
            if (cell(column) is { } text
                && (columns.Find(Scope(block), column)?.Id is { } ids ? ids.Read(text) : IdColumn.Bare(text)) is { } id
                && !field.Nothing.Contains(id, StringComparer.OrdinalIgnoreCase))
                return id;
        }

        return field.Value;
    }

    /// <summary>Words: by rules, by what values stand for, else as they are.</summary>
    public string? Text(string block, string target, Func<string, string?> cell)
    {
        if (template.Field(block, target) is not { } field)
            return null;
        foreach (var rule in field.Rules)
        {
            if (rule.If.Holds(cell))
                return rule.Is;
        }

        foreach (var column in field.Columns)
        {
            if (cell(column) is { } text && !field.Nothing.Contains(text, StringComparer.OrdinalIgnoreCase)
                && !CsvNumber.IsMissing(text))
                return field.Values.GetValueOrDefault(text, text);
        }

        return field.Else ?? field.Value;
    }

    private string Scope(string block) => packed.Contains(block) ? block : "";

    private static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
