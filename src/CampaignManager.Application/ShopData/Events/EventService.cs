using System.Globalization;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.ShopData.Keys;

namespace CampaignManager.Application.ShopData.Events;

/// <summary>The door for events: checks each, keeps those that are sound, and answers when they are on the disk.</summary>
public sealed class EventService
{
    private static readonly TimeSpan LateAfter = TimeSpan.FromHours(48);

    private static readonly Failure Full = new(
        FailureKind.Busy, "events-wait", "More events wait for the disk than the server may hold. Nothing of this call was kept: send it again in some seconds.");

    private readonly EventBuffer buffer;
    private readonly EventRules rules;
    private readonly EventRefusals refusals;
    private readonly IPersonKeys keys;
    private readonly TimeProvider time;

    internal EventService(EventBuffer buffer, EventRules rules, EventRefusals refusals, IPersonKeys keys, TimeProvider time) =>
        (this.buffer, this.rules, this.refusals, this.keys, this.time) = (buffer, rules, refusals, keys, time);

    /// <summary>When it answers with a receipt, what was accepted is on the disk.</summary>
    public async Task<Outcome<EventReceipt>> TakeAsync(ReadOnlyMemory<byte> body, EventSender sender, CancellationToken cancel)
    {
        var taken = await JudgeAsync(body, sender, cancel);
        var from = sender.IsBrowser ? RefusedFrom.Page : RefusedFrom.Server;
        if (!taken.Succeeded)
            refusals.Add(from, taken.Failure.Code);
        else
            foreach (var why in taken.Value.Rejected.CountBy(r => (r.Code, Field(r.Path))))
                refusals.Add(from, why.Key.Code, why.Key.Item2, why.Value);
        return taken;
    }

    private async Task<Outcome<EventReceipt>> JudgeAsync(ReadOnlyMemory<byte> body, EventSender sender, CancellationToken cancel)
    {
        var cut = EventBody.Cut(body);
        if (!cut.Succeeded)
            return cut.Failure;
        var rule = await rules.NowAsync(cancel);
        if (rule.DemoIsHere)
            return DemoRefusal.Failure;
        var now = time.GetUtcNow().UtcDateTime;
        var check = new EventCheck(sender, rule.Ids, rule.Home, keys, now);
        var (sound, places, rejected) = (new List<ApiEvent>(), new List<(int Index, string? Id)>(), new List<RejectedEvent>());
        foreach (var (index, json) in cut.Value.Index())
        {
            var said = new EventFields();
            try
            {
                said.Read(json.Span);
                sound.Add(check.Check(said));
                places.Add((index, said.EventId));
            }
            catch (EventFault fault)
            {
                rejected.Add(new RejectedEvent(index, said.EventId, Path(index, fault.Path), fault.Code, fault.Message));
            }
        }

        var call = new EventCall(sound, now.Ticks);
        if (sound.Count > 0 && !await buffer.WriteAsync(call))
            return Full;
        var late = 0;
        for (var i = 0; i < sound.Count; i++)
        {
            if (call.Verdicts[i] == EventVerdict.Conflict)
                rejected.Add(Conflicting(places[i]));
            else if (call.Verdicts[i] == EventVerdict.Accepted && sound[i].At < now - LateAfter)
                late++;
        }

        return new EventReceipt(
            call.Verdicts.Count(v => v == EventVerdict.Accepted), call.Verdicts.Count(v => v == EventVerdict.Duplicate), late,
            check.WithoutMoney, check.WithoutCustomer, [.. rejected.OrderBy(r => r.Index)]);
    }

    private static RejectedEvent Conflicting((int Index, string? Id) place) =>
        new(place.Index, place.Id, Path(place.Index, "eventId"), EventFault.Conflict, EventFault.ConflictMessage);

    private static string? Field(string path) => path.Split("].") is [_, var field] ? field : null;

    private static string Path(int index, string? field) => string.Create(CultureInfo.InvariantCulture, $"[{index}]{(field is null ? "" : "." + field)}");
}
