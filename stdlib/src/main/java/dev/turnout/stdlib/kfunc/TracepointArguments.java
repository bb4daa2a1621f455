package dev.turnout.stdlib.kfunc;

import java.util.HashMap;
import java.util.Map;

/**
 * Arguments of tracepoints that may be null, or an error in place of an address: their types do not say so. Linux 7.2 ({@code
 * raw_tp_null_args}); of all others no argument is null.
 */
public final class TracepointArguments {
    /** A tracepoint a line: its name, the numbers of arguments that may be null, those that may be errors. */
    private static final String ROWS = """
            sched_pi_setprio 1
            sched_process_wait 0
            sched_stick_numa 2
            sched_swap_numa 2
            afs_make_fs_call 1
            afs_make_fs_calli 1
            afs_make_fs_call1 1
            afs_make_fs_call2 1
            afs_protocol_error 0
            afs_flock_ev 1
            cachefiles_lookup 0 2
            cachefiles_unlink 0
            cachefiles_rename 0
            cachefiles_prep_read 0
            cachefiles_mark_active 0
            cachefiles_mark_failed 0
            cachefiles_mark_inactive 0
            cachefiles_vfs_error 0
            cachefiles_io_error 0
            cachefiles_ondemand_open 0
            cachefiles_ondemand_copen 0
            cachefiles_ondemand_close 0
            cachefiles_ondemand_read 0
            cachefiles_ondemand_cread 0
            cachefiles_ondemand_fd_write 0
            cachefiles_ondemand_fd_release 0
            ext4_mballoc_discard 1
            ext4_mballoc_free 1
            fib_table_lookup 2
            posix_lock_inode 1
            fcntl_setlk 1
            locks_remove_posix 1
            flock_lock_inode 1
            break_lease_noblock 1
            break_lease_block 1
            break_lease_unblock 1
            generic_delete_lease 1
            time_out_leases 1
            host1x_cdma_push_gather 4
            mm_khugepaged_scan_pmd 1
            mm_collapse_huge_page_isolate 0
            mm_khugepaged_scan_file 1
            mm_khugepaged_collapse_file 1
            mm_page_alloc 0
            mm_page_pcpu_drain 0
            mm_page_alloc_zone_locked 0
            netfs_failure 1
            device_pm_callback_start 1
            qdisc_dequeue 3
            rxrpc_recvdata 0
            rxrpc_resend 1
            rxrpc_tq 1
            rxrpc_client 0
            signal_generate - 1
            signal_deliver - 1
            kfree_skb 3
            xs_stream_read_data 0
            xprt_reserve_cong 1
            xprt_release_cong 1
            xprt_get_cong 1
            xprt_put_cong 1
            tcp_send_reset 0,1
            tcp_sendmsg_locked 2
            tegra_dma_tx_status 2
            tmigr_update_events 0
            writeback_dirty_folio 1
            folio_wait_writeback 1
            mr_integ_alloc - 3
            amdgpu_vm_bo_map 0
            amdgpu_vm_bo_unmap 0
            netfs_folioq 0
            xfs_defer_create_intent 0
            xfs_defer_cancel_list 0
            xfs_defer_pending_finish 0
            xfs_defer_pending_abort 0
            xfs_defer_relog_intent 0
            xfs_defer_isolate_paused 0
            xfs_defer_item_pause 0
            xfs_defer_item_unpause 0
            xfs_defer_add_item 0
            xfs_defer_cancel_item 0
            xfs_defer_finish_item 0
            xfs_ioc_free_eofblocks 1
            xfs_blockgc_free_space 1
            xfs_btree_updkeys 2
            xfs_btree_overlapped_query_range 2
            xfs_map_blocks_found 4
            xfs_map_blocks_alloc 4
            xfs_iomap_alloc 3
            xfs_iomap_found 3
            xfs_inodegc_flush 0
            xfs_inodegc_push 0
            xfs_inodegc_start 0
            xfs_inodegc_stop 0
            xfs_inodegc_queue 0
            xfs_inodegc_throttle 0
            xfs_fs_sync_fs 0
            xfs_blockgc_start 0
            xfs_blockgc_stop 0
            xfs_blockgc_worker 0
            xfs_blockgc_flush_all 0
            xchk_nlinks_live_update 1
            xchk_metapath_lookup 2
            nfsd_dirent 0
            nfsd_file_acquire 0,3
            nfsd_file_insert_err 0
            nfsd_file_cons_err 0
            nfs4_setup_sequence 0
            pnfs_update_layout 4
            nfs4_inode_callback_event - 2
            nfs4_inode_stateid_callback_event - 2
            pnfs_mds_fallback_pg_init_read 4
            pnfs_mds_fallback_pg_init_write 4
            pnfs_mds_fallback_pg_get_mirror_count 4
            pnfs_mds_fallback_read_done 4
            pnfs_mds_fallback_write_done 4
            pnfs_mds_fallback_read_pagelist 4
            pnfs_mds_fallback_write_pagelist 4
            coda_dec_pic_run 1
            coda_dec_pic_done 1
            cfg80211_scan_done 0,1
            rdev_set_coalesce 1
            cfg80211_report_wowlan_wakeup 2
            cfg80211_inform_bss_frame 2
            cfg80211_michael_mic_failure 4
            wiphy_work_queue 1
            wiphy_work_run 1
            wiphy_work_cancel 1
            wiphy_work_flush 1
            hugetlbfs_alloc_inode 1
            spufs_context 1
            kvm_page_fault_enter 2
            dpu_crtc_setup_mixer 2
            binder_transaction 2
            btree_path_free 2
            hfi1_sdma_progress 3
            iptfs_ingress_postq_event 3
            neigh_update 1
            amdtp_packet 2
            """;

    private static final Map<String, long[]> MASKS = masks();

    private TracepointArguments() {}

    /** Whether the argument of this number, from 0, may be null. */
    public static boolean mayBeNull(String tracepoint, int argument) {
        return is(tracepoint, argument, 0);
    }

    /** Whether it may be the negative number of an error. */
    public static boolean mayBeError(String tracepoint, int argument) {
        return is(tracepoint, argument, 1);
    }

    private static boolean is(String tracepoint, int argument, int what) {
        long[] masks = MASKS.get(tracepoint);
        return masks != null && argument < 64 && (masks[what] >>> argument & 1) != 0;
    }

    private static Map<String, long[]> masks() {
        Map<String, long[]> masks = new HashMap<>();
        ROWS.lines().forEach(line -> {
            String[] words = line.strip().split(" ", -1);
            masks.put(words[0], new long[] {mask(words[1]), words.length > 2 ? mask(words[2]) : 0});
        });
        return masks;
    }

    private static long mask(String numbers) {
        long mask = 0;
        if (!numbers.equals("-")) {
            for (String number : numbers.split(",", -1)) {
                mask |= 1L << Integer.parseInt(number);
            }
        }
        return mask;
    }
}
