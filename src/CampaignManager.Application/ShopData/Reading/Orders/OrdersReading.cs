using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>
/// Orders of every shape in tables: on their first row, on every row, packed into cells, in files beside each other, without lines.
/// </summary>
internal sealed class OrdersReading(Template template) : IFileReading
{
    public string Kind => TemplateKinds.Orders;

    public Template Template => template;

    public ReadingPlan Plan(IReadOnlyList<IRowSource> files, ReadingOptions options, CancellationToken cancel) =>
        OrdersPlan.Of(template, files, options, cancel);
}
