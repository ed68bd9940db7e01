using System.Globalization;
using System.Text;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Customers;

/// <summary>A customer in the list, as of the last computation of features.</summary>
/// <param name="Spent">On goods after discounts, major units of the shop's currency.</param>
public sealed record ListedCustomer(
    string Id, string? Lifecycle, string? Favourite, string? MemberTier, double? DaysSinceOrder, double? Orders, double? Spent, string? Region,
    string? Channel);

/// <summary>What the list can be narrowed by: values that customers have.</summary>
public sealed record CustomerChoices(IReadOnlyList<string> Channels, IReadOnlyList<string> Regions, IReadOnlyList<string> Tiers);

/// <summary>The shop's customers, page by page: one query over the few columns that a page shows, however many customers there are.</summary>
public sealed class CustomerList(DataLake lake)
{
    /// <summary>Nobody reads on after this many: filters and the search lead further.</summary>
    public const int Furthest = 10_000;

    private const int MostChoices = 200;

    private const string Columns =
        "customer_id, c_lifecycle, c_favourite, member_tier, x_recency_days, x_orders, x_monetary, c_region, c_channel";

    /// <summary>What a list may be sorted by, beside the id.</summary>
    private static readonly Dictionary<string, string> Sorts = new(StringComparer.Ordinal)
    {
        ["lastOrder"] = "x_recency_days",
        ["orders"] = "x_orders",
        ["spent"] = "x_monetary",
    };

    /// <summary>In the order of their ids, or by <c>lastOrder</c>, <c>orders</c>, <c>spent</c>; a query is how ids begin.</summary>
    public async Task<Outcome<Paged<ListedCustomer>>> ListAsync(
        PageRequest page, CustomerFilter filter, Actor actor, CancellationToken cancellationToken) =>
        CustomerAccess.Refusal(actor) is { } refused ? refused
        : page.Skip + page.Take > Furthest
            ? Failure.Invalid("page", $"The first {Furthest} customers can be paged through. Filter or search for the others.")
        : !Described ? new Paged<ListedCustomer>([], 0)
        : await Task.Run(() => Read(page, filter, cancellationToken), cancellationToken);

    public async Task<Outcome<CustomerChoices>> ChoicesAsync(Actor actor, CancellationToken cancellationToken) =>
        CustomerAccess.Refusal(actor) is { } refused ? refused
        : !Described ? new CustomerChoices([], [], [])
        : await Task.Run(
            () =>
            {
                using var connection = lake.Open(threads: 1);
                return new CustomerChoices(Of("c_channel"), Of("c_region"), Of("member_tier"));

                List<string> Of(string column) => connection.Ask(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"SELECT DISTINCT {column} FROM {Facts} WHERE {column} IS NOT NULL ORDER BY 1 LIMIT {MostChoices}"),
                    r => r.GetString(0), [], cancellationToken);
            },
            cancellationToken);

    private string Facts => lake.SourceOf(AudienceFacts.File);

    private bool Described => File.Exists(lake.PathTo(AudienceFacts.File)) && File.Exists(lake.PathTo(SegmentService.CurrentFile));

    private Paged<ListedCustomer> Read(PageRequest page, CustomerFilter filter, CancellationToken cancel)
    {
        List<string> values = [];
        var where = filter.Where(lake, page.Query?.Trim() is { Length: > 0 } start ? start : null, values);
        using var connection = lake.Open(threads: 1);
        var total = connection.Ask($"SELECT count(*) FROM {Facts}{where}", r => r.GetInt64(0), values, cancel)[0];
        var direction = page.Descending ? "DESC" : "ASC";
        var order = Sorts.GetValueOrDefault(page.SortKey ?? "") is { } column
            ? $"{column} {direction} NULLS LAST, customer_id"
            : $"customer_id {direction}";
        // The page's ids first, by the columns that sort and filter alone; the others of these few rows then.
        var items = connection.Ask(
            string.Create(CultureInfo.InvariantCulture, $"""
                SELECT {Columns} FROM {Facts}
                WHERE customer_id IN (SELECT customer_id FROM {Facts}{where} ORDER BY {order} LIMIT {page.Take} OFFSET {page.Skip})
                ORDER BY {order}
                """),
            Row, values, cancel);
        return new Paged<ListedCustomer>(items, (int)Math.Min(total, int.MaxValue));
    }

    /// <summary>Writes a header and a line for each customer that fits, in the ids' order, without holding them all. The caller has asked whether they may leave.</summary>
    public async Task WriteCsvAsync(CustomerFilter filter, Stream stream, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        await writer.WriteLineAsync("customerId,lifecycle,favourite,memberTier,daysSinceOrder,orders,spent,region,channel".AsMemory(), cancellationToken);
        if (!Described)
            return;
        List<string> values = [];
        using var connection = lake.Open(threads: 1);
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM {Facts}{filter.Where(lake, null, values)} ORDER BY customer_id";
        foreach (var value in values)
            command.Parameters.Add(new DuckDBParameter(value));
        command.UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var row = Row(reader);
            string?[] cells =
            [
                row.Id, row.Lifecycle, row.Favourite, row.MemberTier, Number(row.DaysSinceOrder), Number(row.Orders), Number(row.Spent), row.Region, row.Channel,
            ];
            await writer.WriteLineAsync(string.Join(',', cells.Select(c => c is null ? "" : CsvCell.Of(c))).AsMemory(), cancellationToken);
        }

        static string? Number(double? figure) => figure?.ToString("0.##", CultureInfo.InvariantCulture);
    }

    private static ListedCustomer Row(DuckDBDataReader r) => new(
        r.GetString(0), r.Text(1), r.Text(2), r.Text(3), r.Number(4), r.Number(5), r.Number(6), r.Text(7), r.Text(8));
}
