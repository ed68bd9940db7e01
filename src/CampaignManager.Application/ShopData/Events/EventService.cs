using CampaignManager.Application.Settings;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Engine.Money;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.ShopData.Events;

/// <summary>The door for events: checks each, keeps those that are sound, and answers when they are on the disk.</summary>
public sealed class EventService
{
    private static readonly TimeSpan LateAfter = TimeSpan.FromHours(48);

    private readonly EventBuffer buffer;
    private readonly SettingsService settings;
    private readonly DemoDataPresent demo;
    private readonly IPersonKeys keys;
    private readonly EventOptions options;
    private readonly TimeProvider time;

    internal EventService(
        EventBuffer buffer, SettingsService settings, DemoDataPresent demo, IPersonKeys keys, IOptions<EventOptions> options, TimeProvider time) =>
        (this.buffer, this.settings, this.demo, this.keys, this.options, this.time) = (buffer, settings, demo, keys, options.Value, time);

    /// <returns>What became of them; null: too many wait for the disk, come again.</returns>
    public async Task<Outcome<EventReceipt?>> TakeAsync(ReadOnlyMemory<byte> body, EventSender sender, CancellationToken cancel)
    {
        var cut = EventBody.Cut(body);
        if (!cut.Succeeded)
            return cut.Failure;
        if (await demo(cancel))
            return DemoRefusal.Failure;
        var now = time.GetUtcNow().UtcDateTime;
        var home = Currency.Get((await settings.GetAsync(cancel)).Currency);
        var check = new EventCheck(sender, options.Ids, home, keys, now);
        var (sound, places, refused) = (new List<ApiEvent>(), new List<int>(), new List<RefusedEvent>());
        foreach (var (index, json) in cut.Value.Index())
        {
            var said = new EventFields();
            try
            {
                said.Read(json.Span);
                sound.Add(check.Check(said));
                places.Add(index);
            }
            catch (EventFault fault)
            {
                refused.Add(new RefusedEvent(index, said.EventId, fault.Code, fault.Message));
            }
        }

        var call = new EventCall(sound, now.Ticks);
        if (sound.Count > 0 && !await buffer.WriteAsync(call))
            return (EventReceipt?)null;
        var late = 0;
        for (var i = 0; i < sound.Count; i++)
        {
            if (call.Verdicts[i] == EventVerdict.Conflict)
                refused.Add(new RefusedEvent(places[i], sound[i].Id, EventFault.Conflict, EventFault.ConflictMessage));
            else if (call.Verdicts[i] == EventVerdict.Accepted && sound[i].At < now - LateAfter)
                late++;
        }

        return new EventReceipt(
            call.Verdicts.Count(v => v == EventVerdict.Accepted && sound.Count > 0), call.Verdicts.Count(v => v == EventVerdict.Duplicate), late,
            check.WithoutMoney, check.WithoutCustomer, [.. refused.OrderBy(r => r.Index)]);
    }
}
