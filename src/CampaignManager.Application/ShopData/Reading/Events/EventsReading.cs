using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.ShopData.Reading.Events;

/// <summary>Events, flat or nested, and the orders within them.</summary>
internal sealed class EventsReading(Template template) : IFileReading
{
    public string Kind => TemplateKinds.Events;

    public Template Template => template;

    public ReadingPlan Plan(IReadOnlyList<IRowSource> files, ReadingOptions options, CancellationToken cancel) =>
        EventsPlan.Of(template, files, options, cancel);
}
