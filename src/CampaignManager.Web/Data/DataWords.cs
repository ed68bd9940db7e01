using System.Globalization;
using System.Text.Json;
using CampaignManager.Application.Imports;
using CampaignManager.Engine.Money;
using CampaignManager.Web.Shared;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Data;

/// <summary>The data pages' codes and figures in the reader's words.</summary>
public sealed class DataWords(IStringLocalizer<DataTexts> texts)
{
    private static CultureInfo Culture => CultureInfo.CurrentCulture;

    public string Reason(string code) => texts["Reason." + code] is { ResourceNotFound: false } text ? text : texts["Reason.other"];

    public string State(ImportState state) => texts["State." + state];

    /// <summary>An import that was only tried is not called done.</summary>
    public string State(ImportView import) => import is { State: ImportState.Succeeded, DryRun: true } ? texts["State.DryRun"] : State(import.State);

    public string Table(string table) => texts["Table." + table] is { ResourceNotFound: false } text ? text : table;

    /// <summary>What files of a kind hold.</summary>
    public string Kind(string kind) => texts["Kind." + kind] is { ResourceNotFound: false } text ? text : kind;

    /// <summary>What a template takes from a column.</summary>
    public string Target(string block, string target) => texts[$"Target.{block}.{target}"] is { ResourceNotFound: false } text ? text : $"{block}.{target}";

    public string Question(ImportQuestion question) =>
        texts["Question." + question.Code, question.Subject] is { ResourceNotFound: false } text ? text : texts["Question.other"];

    /// <summary>The question with what was found; in English words where nobody has said it in the reader's.</summary>
    public string Asks(ImportQuestion question)
    {
        object[] found = [.. question.Facts, .. question.Counts.Select(Count)];
        var key = question.Form.Length > 0 ? $"Asks.{question.Code}.{question.Form}" : "Asks." + question.Code;
        // What waits since before this release says its English sentence alone.
        return found.Length > 0 && texts[key, found] is { ResourceNotFound: false } text ? text : question.Message;
    }

    public string Choice(ImportQuestion question, ImportChoice choice) =>
        texts[$"Choice.{question.Code}.{choice.Value}"] is { ResourceNotFound: false } text ? text : choice.Label;

    /// <summary>Figures that people are shown, in this order; the others only where they are not 0.</summary>
    public static readonly IReadOnlyList<(string Name, bool Always)> ShownFigures =
    [
        ("orders", true), ("lines", true), ("customers", true), ("products", true), ("variants", true), ("events", true), ("campaigns", true), ("people", true),
        ("known_customers", false), ("counted", true), ("cancelled", false), ("unpaid", false), ("test", false), ("refunded", false), ("guest_orders", false),
        ("gross_minor", true), ("discount_minor", true), ("refund_minor", true), ("net_minor", true), ("distinct_products", true), ("without_cost", false), ("with_email", false),
        ("distinct_emails", false), ("opted_in", false), ("subscribed", false), ("randomised", false), ("first", true), ("last", true), ("orders_that_do_not_add_up", false),
        ("order_numbers_used_twice", false), ("repeated_rows", false), ("repeated_headers", false), ("duplicate_rows", false),
    ];

    /// <summary>What was found, by its name.</summary>
    public string Figure(string name) => texts["Figure." + name] is { ResourceNotFound: false } text ? text : name.Replace('_', ' ');

    /// <summary>A figure as people read it; empty for one that is no single figure.</summary>
    public static string FigureValue(string name, JsonElement value, ImportFindings findings, string zone) => value.ValueKind switch
    {
        JsonValueKind.Number when name.EndsWith("_minor", StringComparison.Ordinal) && Money(findings) is { } currency =>
            Amount(value.GetInt64(), currency),
        JsonValueKind.Number when value.TryGetInt64(out var whole) => Count(whole),
        JsonValueKind.Number => value.GetDouble().ToString("N2", Culture),
        JsonValueKind.String when value.TryGetDateTime(out var at) => Moments.Moment(at.ToUniversalTime(), zone),
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "✓",
        JsonValueKind.False => "–",
        _ => "",
    };

    /// <summary>Minor units as people write them, with the currency's code.</summary>
    public static string Amount(long minor, Currency currency) =>
        currency.ToMajor(minor).ToString("N" + currency.FractionDigits.ToString(CultureInfo.InvariantCulture), Culture) + " " + currency.Code;

    private static Currency? Money(ImportFindings findings) =>
        findings.Figures.TryGetValue("currency", out var code) && code.ValueKind == JsonValueKind.String && Currency.TryGet(code.GetString()!, out var known) ? known : null;

    public string Warning(ImportWarning warning) => texts["Warning." + warning.Code, warning.Subject, warning.Detail ?? ""];

    public string Delimiter(char delimiter) => texts["Delimiter." + delimiter switch { ',' => "comma", ';' => "semicolon", '\t' => "tab", _ => "bar" }];

    public static string Count(long number) => number.ToString("N0", Culture);

    public static string Percent(double share, int digits = 1) => (100 * share).ToString("N" + digits.ToString(CultureInfo.InvariantCulture), Culture) + "%";

    /// <summary>Bytes in the unit that leaves a short figure.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        double size = bytes;
        var unit = 0;
        for (; size >= 1000 && unit < units.Length - 1; unit++)
            size /= 1000;
        return $"{size.ToString(unit == 0 || size >= 100 ? "N0" : "N1", Culture)} {units[unit]}";
    }
}
