using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.ShopData.Incoming;

/// <summary>What is fetched from a shop's database again and again.</summary>
/// <param name="Connection">Name of one that the configuration has.</param>
/// <param name="Kind"><see cref="TemplateKinds"/>.</param>
/// <param name="Query">One SELECT; <c>@since</c> stands for the time of the last pull.</param>
public sealed record PullSql(string Connection = "", string Kind = TemplateKinds.Orders, string Query = "")
{
    /// <summary>The job that fetches it.</summary>
    public const string JobKind = "pull-sql";

    /// <summary>The parameter for the time up to which data were fetched before.</summary>
    public const string Since = "since";

    public string? Template { get; init; }

    public string? Source { get; init; }

    public string? Zone { get; init; }

    public string? Currency { get; init; }

    internal ShopMapping Mapping() =>
        new() { Template = Said(Template), Source = Said(Source), Zone = Said(Zone), Currency = Said(Currency) };

    private static string? Said(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>What may be fetched, checked before it is kept and again before it runs.</summary>
public sealed class SqlPulls(SqlConnections connections, ImportTemplateService templates)
{
    private const int LongestQuery = 20_000;

    private static readonly string[] Begins = ["select", "with", "table", "values"];

    public Task<Outcome<PullSql>> CompleteAsync(PullSql asked, CancellationToken cancellationToken)
    {
        var pull = asked with { Query = asked.Query.Trim().TrimEnd(';').Trim() };
        var errors = new Dictionary<string, string[]>();
        if (!connections.Names.Contains(pull.Connection))
            errors["connection"] = [connections.Names.Count == 0 ? "No connection is configured (Import:Connections)."
                : $"Choose one of the configured connections: {string.Join(", ", connections.Names)}."];
        if (!TemplateKinds.All.Contains(pull.Kind))
            errors["kind"] = [$"'{pull.Kind}' is no kind. Kinds are {string.Join(", ", TemplateKinds.All)}."];
        else if (templates.Check(pull.Kind, pull.Mapping()) is { } wrong)
            errors["template"] = [wrong.Errors?.Values.FirstOrDefault()?.FirstOrDefault() ?? wrong.Message];
        if (!Array.Exists(Begins, b => pull.Query.StartsWith(b, StringComparison.OrdinalIgnoreCase)) || pull.Query.Length > LongestQuery
            || SqlText.HasSeveral(pull.Query))
            errors["query"] = [$"Write one SELECT of at most {LongestQuery:N0} letters. @since stands for the time of the last pull."];
        if (pull.Zone is { Length: > 0 } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            errors["zone"] = [$"'{zone}' is no time zone. Name it as Europe/London."];
        if (pull.Currency is { Length: > 0 } currency && !Currency.TryGet(currency, out _))
            errors["currency"] = [$"'{currency}' is no ISO 4217 currency."];
        return Task.FromResult(errors.Count > 0 ? Failure.Invalid(errors) : Outcome<PullSql>.Of(pull));
    }
}
