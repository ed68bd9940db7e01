using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Reading.Orders;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.ShopData.Reading.People;

/// <summary>Customers, each with the other ids that the source knows them by.</summary>
internal sealed class CustomersReading(Template template) : IFileReading
{
    public string Kind => TemplateKinds.Customers;

    public Template Template => template;

    public ReadingPlan Plan(IReadOnlyList<IRowSource> files, ReadingOptions options, CancellationToken cancel) =>
        new CustomersPlan(template, files, options).Judge(cancel);
}

internal sealed class CustomersPlan(Template template, IReadOnlyList<IRowSource> files, ReadingOptions options)
    : RowsPlan(template, files, options)
{
    private readonly IReadOnlyList<IRowSource> files = files;
    private static readonly char[] BetweenTags = [',', ';', '|', '，', '；', '、'];

    private SeenIds seen = new();
    private HashSet<ulong> customers = [];
    private HashSet<ulong> emails = [];

    // Files of orders may come along, to show whose they are; the customers stand in one of their own.
    protected override IEnumerable<int> Mine =>
        Enumerable.Range(0, files.Count).Where(IsOwn).ToList() is { Count: > 0 } own ? own : Enumerable.Range(0, files.Count);

    protected override ImportRefusedException? Refuse() => Cells.Has("customer", "id") ? null : new ImportRefusedException(
        "no-persons",
            $"No column says who a customer is ({string.Join(" or ", Template.Field("customer", "id")?.Columns ?? [])}). Export one row a customer, with an id or an e-mail address.",
            string.Join(", ", Template.Field("customer", "id")?.Columns ?? []));

    protected override void Begin() => (seen, customers, emails) = (new SeenIds(), [], []);

    protected override ReadRow? Take(ISourceRow row, int file)
    {
        var ids = Cells.People("customer", "id", row,
            Options).Concat(Cells.People("customer", "otherId", row, Options)).Distinct(StringComparer.Ordinal).ToList();
        if (ids.Count == 0)
            throw new OrderCells.FaultException("no-customer", "");
        if (seen.See(ids[0], SeenIds.ContentOf(row, new HashSet<string>())) == Seen.Again)
        {
            Count("duplicate_rows");
            return null;
        }

        var read = new CustomerRow(ids[0], row.Number)
        {
            OtherIds = ids[1..],
            JoinedAt = Cells.Time("customer", "joinedAt", row),
            Region = Cells.Text("customer", "region", row),
            Country = Cells.Text("customer", "country", row),
            Channel = Cells.Text("customer", "channel", row),
            Device = Cells.Text("customer", "device", row),
            EmailOptIn = Cells.YesNo("customer", "emailOptIn", row),
            OptOutMarketing = Cells.YesNo("customer", "optOutMarketing", row),
            OptOutPersonalisation = Cells.YesNo("customer", "optOutPersonalisation", row),
            MemberTier = Cells.Text("customer", "memberTier", row),
            Tags = [.. (Cells.Raw("customer", "tags", row) ?? "").Split(BetweenTags,
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)],
        };
        customers.Add(TextHash.Of(ids[0]));
        Count("opted_in", read.EmailOptIn == true ? 1 : 0);
        if (Cells.People("customer", "email", row, Options).FirstOrDefault() is { } email)
        {
            Count("with_email");
            emails.Add(TextHash.Of(email));
        }

        return read;
    }

    protected override void End()
    {
        Figures.Set("customers", customers.Count);
        if (Cells.Has("customer", "email"))
            Figures.Set("distinct_emails", emails.Count);
    }

    private bool IsOwn(int file) =>
        Template.Recognise.Header.All(h => h.Split('|').Any(c => files[file].Columns.Contains(c, StringComparer.OrdinalIgnoreCase)));
}
