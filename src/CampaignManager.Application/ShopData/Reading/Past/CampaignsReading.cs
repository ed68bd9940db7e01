using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Reading.Orders;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.ShopData.Reading.Past;

/// <summary>Campaigns that ran before the shop came here.</summary>
internal sealed class CampaignsReading(Template template) : IFileReading
{
    public string Kind => TemplateKinds.Campaigns;

    public Template Template => template;

    public ReadingPlan Plan(IReadOnlyList<IRowSource> files, ReadingOptions options, CancellationToken cancel) =>
        new CampaignsPlan(template, files, options).Judge(cancel);
}

internal sealed class CampaignsPlan(Template template, IReadOnlyList<IRowSource> files, ReadingOptions options)
    : RowsPlan(template, files, options)
{
    private SeenIds seen = new();

    protected override ImportRefusedException? Refuse()
    {
        if (!Cells.Has("campaign", "id"))
            return new ImportRefusedException("no-campaigns",
                "No column says which campaign a row is of. Say which column holds its id or its name.",
                string.Join(", ", Template.Field("campaign", "id")?.Columns ?? []));
        return Cells.Has("campaign", "startsAt") ? null
            : new ImportRefusedException("no-time", "No column says when a campaign began. Export campaigns with their dates.",
                string.Join(", ", Template.Field("campaign", "startsAt")?.Columns ?? []));
    }

    protected override void Begin() => seen = new SeenIds();

    protected override ReadRow? Take(ISourceRow row, int file)
    {
        var read = CampaignOf(Cells, row);
        switch (seen.See(read.Id, SeenIds.ContentOf(row, new HashSet<string>())))
        {
            case Seen.Again:
                Count("duplicate_rows");
                return null;
            case Seen.Conflict:
                throw new OrderCells.FaultException("id-conflict", read.Id);
        }

        Count("campaigns");
        return read;
    }

    /// <exception cref="OrderCells.FaultException">It says no id or no dates.</exception>
    public static CampaignRow CampaignOf(RowCells cells, ISourceRow row)
    {
        var id = cells.Id("campaign", "id", row) ?? throw new OrderCells.FaultException("no-campaign", "");
        var starts = cells.Time("campaign", "startsAt", row) ?? throw new OrderCells.FaultException("no-time", id);
        var days = cells.Whole("campaign", "attributionDays", row);
        var ends = cells.Time("campaign", "endsAt", row, toItsEnd: true) ?? starts.AddDays(days ?? 0);
        if (ends < starts)
            throw new OrderCells.FaultException("ends-before-start", id);
        return new CampaignRow(id, starts, ends, row.Number)
        {
            Name = cells.Text("campaign", "name", row),
            Offer = cells.Text("campaign", "offer", row),
            AttributionDays = days
        };
    }
}
